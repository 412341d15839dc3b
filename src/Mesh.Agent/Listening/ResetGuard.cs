namespace Mesh.Agent.Listening;

/// <summary>
/// Counts on one connection the streams that their sender took back right away. Each costs the agent and the service more than its sender, and as none of them lasts, no limit on streams holds them up
/// (CVE-2023-44487). The rule is Envoy's <c>overload.premature_reset_total_stream_count</c>.
/// </summary>
internal sealed class ResetGuard
{
    /// <summary>From how many streams on a connection may be ended.</summary>
    internal const int Streams = 500;

    /// <summary>What is taken back later was meant once.</summary>
    internal static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private int _streams;
    private int _reset;

    /// <summary>Notes the end of a stream.</summary>
    /// <param name="wasReset">Whether it was taken back within <see cref="Soon"/> and before there was an answer.</param>
    /// <returns>Whether the connection is to end: this is the stream with which there are enough and most of them were taken back.</returns>
    public bool Note(bool wasReset)
    {
        int streams = Interlocked.Increment(ref _streams);
        if (!wasReset)
        {
            return false;
        }

        int reset = Interlocked.Increment(ref _reset);
        return reset >= Streams && reset > streams / 2;
    }
}
