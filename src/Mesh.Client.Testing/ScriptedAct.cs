using System.Net;

namespace Mesh.Client.Testing;

/// <summary>What happens to one call. Immutable.</summary>
/// <param name="Verb">The end of the call.</param>
/// <param name="Delay">What passes before it.</param>
/// <param name="Respond">Makes the response of <see cref="ScriptedVerb.Reply"/>.</param>
internal sealed record ScriptedAct(ScriptedVerb Verb, TimeSpan Delay, Func<HttpRequestMessage, HttpResponseMessage> Respond)
{
    /// <summary>What an endpoint does that nobody scripted.</summary>
    public static ScriptedAct Default { get; } = new(ScriptedVerb.Reply, TimeSpan.Zero, Status(HttpStatusCode.OK));

    /// <summary>A connection is made and the request's body sent before the end of the call.</summary>
    public bool ReadsBody => Verb != ScriptedVerb.RefuseConnection;

    public static Func<HttpRequestMessage, HttpResponseMessage> Status(HttpStatusCode status) => request => new HttpResponseMessage(status) { Version = request.Version };
}
