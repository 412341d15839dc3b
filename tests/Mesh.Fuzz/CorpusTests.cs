using Mesh.Fuzz.Cases;
using Mesh.Fuzz.Targets;

namespace Mesh.Fuzz;

/// <summary>The committed inputs, and a few seeded ones after them. What was found once stays found.</summary>
public sealed class CorpusTests
{
    private const int Seed = 20260101;
    private const int Cases = 300;

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(static t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Corpus_OfATarget_IsReadWithoutFault(string name)
    {
        IFuzzTarget target = FuzzTargets.Named(name);
        var oracle = new CaseOracle(target);
        string[] files = CorpusFiles.Of(name);

        Assert.NotEmpty(files);
        string[] faults = [.. files.Select(f => (Name: Path.GetFileName(f), oracle.Run(File.ReadAllBytes(f)).Fault)).Where(static f => f.Fault is not null).Select(static f => $"{f.Name}: {f.Fault}")];
        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cases_OfOneSeed_HaveNoFault(string name)
    {
        string? fault = new FuzzRun(FuzzTargets.Named(name), Seed).Of(Cases);

        Assert.True(fault is null, fault);
    }

    [Fact]
    public void Corpus_Folders_HaveATargetEach() => Assert.Empty(CorpusFiles.Targets.Except(FuzzTargets.All.Select(static t => t.Name)));
}
