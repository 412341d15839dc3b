using System.Globalization;

namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>A response of HTTP/1.1, read by the letter.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
internal sealed record RawResponse(int Status, string Body)
{
    /// <summary>Reads all responses of a connection.</summary>
    public static RawResponse[] ReadAll(string text)
    {
        List<RawResponse> responses = [];
        while (text.Length > 0)
        {
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            Assert.True(end > 0 && text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), $"No response: {text}");
            string head = text[..end];
            text = text[(end + 4)..];
            int status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (status == 100)
            {
                continue;
            }

            responses.Add(new RawResponse(status, head.Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? Chunks(ref text) : Counted(head, ref text)));
        }

        return [.. responses];
    }

    private static string Counted(string head, ref string text)
    {
        const string Name = "\r\nContent-Length: ";
        int start = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        int length = start < 0 ? 0 : int.Parse(head.AsSpan(start + Name.Length).Slice(0, Until(head, start + Name.Length)), CultureInfo.InvariantCulture);
        return Take(ref text, length);
    }

    private static int Until(string head, int start) => (head.IndexOf('\r', start) is var end and > 0 ? end : head.Length) - start;

    private static string Chunks(ref string text)
    {
        string body = "";
        while (true)
        {
            int end = text.IndexOf("\r\n", StringComparison.Ordinal);
            int size = int.Parse(Take(ref text, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Take(ref text, 2);
            body += Take(ref text, size);
            Assert.Equal("\r\n", Take(ref text, 2));
            if (size == 0)
            {
                return body;
            }
        }
    }

    private static string Take(ref string text, int count)
    {
        Assert.InRange(count, 0, text.Length);
        string taken = text[..count];
        text = text[count..];
        return taken;
    }
}
