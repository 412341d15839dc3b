using System.Text;
using Mesh.Client.AspNetCore.Callers;
using Mesh.Client.Inbound;
using Mesh.Client.Matching;
using Mesh.Fuzz.Mutations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Fuzz.Targets.Headers;

/// <summary>The lane in <c>baggage</c>: read, put there, taken out and stripped. Its readers must agree, or somebody slips into a lane past the one who looks.</summary>
internal sealed class BaggageTarget : IFuzzTarget
{
    public string Name => "baggage";

    public Grammar Grammar { get; } = new()
    {
        Tokens = ["mesh-lane", "mesh-lane=", "mesh-lane=blue", "MESH-LANE=green", "blue", "=", ",", ";", " ", "\t", "\n", "%62lue", "mesh%2Dlane=x", "a=1", "p;q=1", "%", "%2", "%00", "\u00a0", "ö"],
        MaxLength = 16 * 1024,
        BytesForEach = 256,
    };

    public int Run(byte[] input)
    {
        string[] lines = InputText.Of(input).Split('\n');
        string joined = string.Join(',', lines);
        var headers = new HeaderDictionary { [InboundHeaders.Baggage] = new StringValues(lines) };
        string? lane = MeshHeaders.Lane(headers);
        FuzzFaultException.Unless(lane is null || LaneName.IsValid(lane), "It is no name of a lane.");
        FuzzFaultException.Unless(lane == (LaneBaggage.TryFind(joined, out ReadOnlySpan<char> whole) && !whole.IsEmpty ? whole.ToString() : null), "The lines joined say something else than the lines.");

        string put = LaneBaggage.Put(joined, "violet");
        FuzzFaultException.Unless(LaneBaggage.TryFind(put, out ReadOnlySpan<char> found) && found is "violet", "The lane that was put there is not found.");
        FuzzFaultException.Unless(put.Split(',').Count(static m => LaneBaggage.IsLane(m)) == 1, "There are two lanes.");
        FuzzFaultException.Unless(Encoding.UTF8.GetByteCount(put) <= LaneBaggage.MaxBytes && put.Split(',').Length <= LaneBaggage.MaxMembers, "It is longer than the specification has it.");
        FuzzFaultException.Unless(LaneBaggage.Put(put, "violet") == put, "Put there twice, it says something else.");
        FuzzFaultException.Unless(!LaneBaggage.TryFind(LaneBaggage.Without(joined), out _), "It was taken out and is still there.");

        MeshHeaders.Strip(headers);
        FuzzFaultException.Unless(MeshHeaders.Lane(headers) is null && !LaneBaggage.TryFind(string.Join(',', headers[InboundHeaders.Baggage].ToArray()), out _), "It was stripped and is still there.");
        return (lane is null ? 0 : 1) | AnswerKind.Size(lines.Length) << 1 | AnswerKind.Size(put.Length) << 5;
    }
}
