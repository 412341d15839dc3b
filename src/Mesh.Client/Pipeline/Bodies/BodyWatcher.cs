using Mesh.Client.Model;

namespace Mesh.Client.Pipeline.Bodies;

/// <summary>Waits for the end of a response's body.</summary>
internal abstract class BodyWatcher
{
    /// <summary>The body has ended. It must not throw.</summary>
    /// <param name="outcome">What that says of the endpoint.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="error">What broke it off, where something did.</param>
    public abstract void OnEnd(Outcome outcome, BodyEnd end, Exception? error);
}
