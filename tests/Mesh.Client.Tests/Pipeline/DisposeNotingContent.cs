namespace Mesh.Client.Tests.Pipeline;

/// <summary>A text that says whether it was let go of.</summary>
internal sealed class DisposeNotingContent(string text) : StringContent(text)
{
    public bool IsDisposed { get; private set; }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
