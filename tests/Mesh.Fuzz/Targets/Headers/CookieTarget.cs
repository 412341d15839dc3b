using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Headers;

/// <summary>The cookies of a request, and what a key is made of: by hand beside the obvious way to do it.</summary>
internal sealed class CookieTarget : IFuzzTarget
{
    private const string Wanted = "id";

    private static readonly RequestPart s_part = new(RequestPartKind.Cookie, Wanted);

    public string Name => "cookie";

    public Grammar Grammar { get; } = new() { Tokens = ["id=", "id", "=", ";", "; ", "\"", "a=b", " id = 1 ", "ID=2", "\n", ","], MaxLength = 8 * 1024, BytesForEach = 128 };

    public int Run(byte[] input)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        string[] lines = [.. InputText.Of(input).Split('\n').Where(l => request.Headers.TryAddWithoutValidation("Cookie", l))];
        List<string> found = [];
        foreach (ReadOnlySpan<char> value in new CookieValues(request, Wanted))
        {
            found.Add(value.ToString());
        }

        string[] expected = [.. lines.SelectMany(static l => l.Split(';')).Select(static p => p.Trim()).Where(static p => p.Contains('=', StringComparison.Ordinal) && p.Split('=')[0].TrimEnd() == Wanted).Select(ValueOf)];
        FuzzFaultException.Unless(found.SequenceEqual(expected), $"It finds {found.Count} values, the other reader {expected.Length}, or others.");
        ulong? key = RequestKey.Of(request, s_part, new LocalPolicy());
        FuzzFaultException.Unless(key is null == (found.Count == 0 || found[0].Length == 0), "There is a key without a value, or none for one.");
        return AnswerKind.Size(found.Count) | (key is null ? 0 : 16) | (found.Count > 0 ? AnswerKind.Size(found[0].Length) << 5 : 0);
    }

    private static string ValueOf(string pair)
    {
        string value = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..].TrimStart();
        return value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
    }
}
