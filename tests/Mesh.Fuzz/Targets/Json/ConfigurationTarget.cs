using System.Text.Json;
using Mesh.Client.Options;
using Mesh.Client.Options.Reading;
using Mesh.Client.Testing;
using Mesh.Fuzz.Mutations;
using Microsoft.Extensions.Configuration;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>A whole configuration file with its section <c>Mesh</c>: it is read, or every error is told in lines that fit into a log.</summary>
internal sealed class ConfigurationTarget : IFuzzTarget
{
    public string Name => "configuration";

    // The flat keys of a file are made by the runtime's own provider.
    public Grammar Grammar { get; } = new() { IsJson = true, Tokens = MeshTokens.All, BaseBytes = 64 * 1024 * 1024, BytesForEach = 2000 };

    public int Run(byte[] input)
    {
        IConfigurationRoot root;
        try
        {
            root = new ConfigurationBuilder().AddJsonStream(new MemoryStream(input)).Build();
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or JsonException)
        {
            return 1;
        }

        try
        {
            using MeshConfiguration first = Read(root);
            using MeshConfiguration second = Read(root);
            FuzzFaultException.Unless(ReferenceEquals(PolicyReuse.Merge(first.Current, second.Current), first.Current), "Read twice, one configuration comes to two policies, and a reload would forget what services learned.");
            return 1000 + AnswerKind.Size(first.Current.Services.Count) + (10 * AnswerKind.Size(first.Current.Services.Values.Sum(static s => s.Routes.Items.Length)));
        }
        catch (MeshOptionsException error)
        {
            FuzzFaultException.Unless(error.Failures.Any(), "It is refused and nobody says why.");
            FuzzFaultException.Unless(!error.Failures.Any(static f => f.Any(char.IsControl)), "An error has control characters.");
            return AnswerKind.Of(error.Failures.First()[(error.Failures.First().IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }
    }

    private static MeshConfiguration Read(IConfigurationRoot root) =>
        new(new CodeOptions { Section = root.GetSection("Mesh"), Instance = "fuzz" }, root, ["Configuration", "Dns"], new ManualTimeProvider(), new FaultLog());
}
