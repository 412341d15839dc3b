using System.Diagnostics;
using System.Globalization;
using Mesh.Client.Testing;
using Mesh.Fuzz.Mutations;
using Mesh.Fuzz.Targets;

namespace Mesh.Fuzz.Cases;

/// <summary>
/// Fuzzes one target. Without a look at the covered code, what guides it is the target's answer: an input whose answer is of a kind not seen before is kept, to be changed further. One seed gives
/// the same inputs in the same order.
/// </summary>
internal sealed class FuzzRun
{
    private const int MaxKept = 400;
    private const int MaxFaults = 5;

    private readonly IFuzzTarget _target;
    private readonly long _seed;
    private readonly Mutator _mutator;
    private readonly List<byte[]> _pool;
    private readonly HashSet<int> _kinds = [];
    private readonly CaseOracle _oracle;

    public FuzzRun(IFuzzTarget target, long seed)
    {
        _target = target;
        _seed = seed;
        _oracle = new CaseOracle(target);
        _pool = [.. CorpusFiles.Of(target.Name).Select(File.ReadAllBytes)];
        _mutator = new Mutator(new SeededRandom(seed ^ StableHash(target.Name)), target.Grammar);
    }

    public long Cases { get; private set; }

    public int Faults { get; private set; }

    public int Kinds => _kinds.Count;

    public TimeSpan Longest => _oracle.Longest;

    /// <summary>Runs for a time.</summary>
    public void For(TimeSpan time, TextWriter output)
    {
        using var last = new LastCase();
        long started = Stopwatch.GetTimestamp();
        foreach (byte[] input in _pool.ToArray())
        {
            Try(input, last, output);
        }

        while (Stopwatch.GetElapsedTime(started) < time && Faults < MaxFaults)
        {
            Try(_mutator.Next(_pool), last, output);
        }
    }

    /// <summary>Runs so many cases and stops at the first fault.</summary>
    /// <returns>The fault; <see langword="null"/> where there is none.</returns>
    public string? Of(int cases)
    {
        foreach (byte[] input in _pool.ToArray())
        {
            _ = Keep(input, _oracle.Run(input));
        }

        for (int i = 0; i < cases; i++)
        {
            byte[] input = _mutator.Next(_pool);
            CaseResult result = Keep(input, _oracle.Run(input));
            if (result.Fault is not null)
            {
                return $"{result.Fault} Seed {_seed}, case {i}, input {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 512)))}";
            }
        }

        return null;
    }

    private void Try(byte[] input, LastCase last, TextWriter output)
    {
        last.Begin(_target.Name, input);
        CaseResult result = Keep(input, _oracle.Run(input));
        last.End();
        if (result.Fault is not null)
        {
            Faults++;
            string file = CorpusFiles.Write(_target.Name, input);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"-- {_target.Name}: {result.Fault} Seed {_seed}, case {Cases}, {input.Length} bytes, kept as {file}"));
        }
    }

    private CaseResult Keep(byte[] input, CaseResult result)
    {
        Cases++;
        if (result.Fault is null && _kinds.Add(result.Kind) && _pool.Count < MaxKept && input.Length <= Mutator.MaxLength / 4)
        {
            _pool.Add(input);
        }

        return result;
    }

    private static long StableHash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return (long)hash;
    }
}
