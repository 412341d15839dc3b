namespace Mesh.Client.Discovery;

/// <summary>The newest report of one watch. All updates of the watch carry the same one, so that an answer that changes nothing is no update.</summary>
internal sealed class SourceLife
{
    private volatile SourceReport? _report;

    public SourceReport? Report
    {
        get => _report;
        set => _report = value;
    }
}
