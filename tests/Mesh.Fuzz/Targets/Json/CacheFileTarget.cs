using System.Globalization;
using Mesh.Client.Discovery.Cache;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>The file in the cache of the endpoints. Framed, the input is only its body, so that its checksum is right.</summary>
internal sealed class CacheFileTarget(string name, bool isFramed) : IFuzzTarget
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.Parse("2026-06-01T00:00:00Z", CultureInfo.InvariantCulture);

    public string Name => name;

    public Grammar Grammar { get; } = new()
    {
        IsJson = true,
        Tokens =
        [
            "format", "checksum", "answer", "service", "orders", "source", "Consul", "revision", "asOf", "doubted", "endpoints", "host", "10.0.0.1", "::1", "[::1]", "a.b", "port", "8080", "scheme", "http", "https", "weight",
            "region", "zone", "labels", "id", "version", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-06-02T00:00:01Z",
        ],
        BytesForEach = 200,
    };

    public int Run(byte[] input)
    {
        byte[] content = isFramed ? CacheFormat.Frame(input) : input;
        CachedAnswer? answer = CacheFormat.Read(content, "orders", s_now, out string? fault);
        FuzzFaultException.Unless(answer is null == fault is not null, "It gives an answer with a fault, or neither.");
        if (answer is null)
        {
            return AnswerKind.Of(fault);
        }

        CachedAnswer? again = CacheFormat.Read(CacheFormat.Write("orders", answer), "orders", s_now, out fault);
        FuzzFaultException.Unless(again is not null, $"What was read is not read again after it was written: {fault}");
        FuzzFaultException.Unless(
            again!.Set.Endpoints.SequenceEqual(answer.Set.Endpoints) && again.Set.Revision == answer.Set.Revision && (again.Source, again.AsOf, again.Doubted) == (answer.Source, answer.AsOf, answer.Doubted),
            "What was read is not the same after it was written.");
        return 1000 + AnswerKind.Size(answer.Set.Endpoints.Length) + (answer.Doubted is null ? 0 : 100);
    }
}
