using System.Diagnostics;
using System.Globalization;
using Mesh.Fuzz.Targets;

namespace Mesh.Fuzz.Cases;

/// <summary>
/// Judges a case: the target lets no exception out, takes less than a second, and allocates no more than the length of the input allows. A case that is over a limit is run again: the first use of
/// code compiles it, and a busy machine is slow.
/// </summary>
internal sealed class CaseOracle(IFuzzTarget target)
{
    private const int Looks = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>The longest case, as long as it took when it was quickest.</summary>
    public TimeSpan Longest { get; private set; }

    public CaseResult Run(byte[] input)
    {
        CaseResult result = default;
        for (int look = 0; look < Looks; look++)
        {
            result = Once(input, out TimeSpan time, out bool isFinal);
            if (result.Fault is null || isFinal)
            {
                Longest = time > Longest ? time : Longest;
                break;
            }
        }

        return result;
    }

    private CaseResult Once(byte[] input, out TimeSpan time, out bool isFinal)
    {
        int kind = 0;
        long started = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        isFinal = true;
        try
        {
            kind = target.Run(input);
        }
        catch (Exception thrown)
        {
            Exception error = thrown is TypeInitializationException { InnerException: { } inner } ? inner : thrown;
            time = default;
            return new CaseResult(kind, $"{error.GetType().Name}: {error.Message} {Frames(error)}.");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        time = Stopwatch.GetElapsedTime(started);
        isFinal = false;
        long allowed = target.Grammar.AllowedBytes(input.Length);
        string? fault = time > s_patience ? string.Create(CultureInfo.InvariantCulture, $"It took {time.TotalSeconds:0.00} s.")
            : allocated > allowed ? string.Create(CultureInfo.InvariantCulture, $"It allocated {allocated} bytes for an input of {input.Length}; {allowed} are allowed.")
            : null;
        return new CaseResult(kind, fault);
    }

    // The first frame of our own, and what it called.
    private static string Frames(Exception error)
    {
        string[] frames = [.. error.StackTrace?.Split(Environment.NewLine).Select(static f => f.Trim()) ?? []];
        int own = Array.FindIndex(frames, static f => f.Contains("Mesh.", StringComparison.Ordinal) && !f.Contains(nameof(FuzzFaultException), StringComparison.Ordinal));
        return string.Join(' ', frames[Math.Max(0, own - 1)..(own + 1)]);
    }
}
