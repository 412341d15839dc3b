using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Mesh.IntegrationTests.Grpc.Messages;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>What a program of <c>tests/peers</c> is started with; each says at its top what it knows.</summary>
internal sealed record PeerOptions
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly JsonFormatter s_plans = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>Sent as <c>server_id</c> to who asks for it.</summary>
    public string? Name { get; init; }

    /// <summary>A free one by default.</summary>
    public int? Port { get; init; }

    /// <summary>The file of a server's certificate.</summary>
    public string? Cert { get; init; }

    public string? Key { get; init; }

    /// <summary>The streams that a connection may have at once.</summary>
    public int? MaxStreams { get; init; }

    /// <summary>The age, in milliseconds, at which a connection gets a GOAWAY.</summary>
    public int? GoawayMs { get; init; }

    /// <summary>What the breaker does to each call: a name out of <c>breaker.js</c>.</summary>
    public string? Fault { get; init; }

    /// <summary>How many calls <see cref="Fault"/> is for; all by default.</summary>
    public int? Times { get; init; }

    /// <summary>Where a client calls: host and port.</summary>
    public string? Target { get; init; }

    /// <summary>The file of the authority that a client trusts.</summary>
    public string? Ca { get; init; }

    /// <summary>The name that a client asks for.</summary>
    public string? Authority { get; init; }

    /// <summary>The request header that makes a plan count for one call.</summary>
    public static (string Name, string Value) Header(Plan plan) => ("x-plan", s_plans.Format(plan));

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
