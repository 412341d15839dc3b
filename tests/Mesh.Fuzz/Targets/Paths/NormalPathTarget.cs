using System.Text;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.Matching;
using Mesh.Fuzz.Mutations;
using Microsoft.AspNetCore.Http;

namespace Mesh.Fuzz.Targets.Paths;

/// <summary>The path as access rules see it, beside a reader that does it step by step until nothing changes any more.</summary>
internal sealed class NormalPathTarget : IFuzzTarget
{
    private static readonly UTF8Encoding s_strict = new(false, true);

    public string Name => "access-path";

    public Grammar Grammar { get; } = new()
    {
        Tokens = ["/", "//", "/.", "/..", "/../", "\\", ";", ";a=b", "%2e", "%2E%2e", "%2f", "%5c", "%3b", "%00", "%25", "%252e", "%2%35", "%c0%af", "%e2%82%ac", "%f0%9f%98%80", "%ed%a0%80", "%ff", "%", "%4", "orders", "admin", "ö", "\ud800"],
        MaxLength = 16 * 1024,
        BytesForEach = 400,
    };

    public int Run(byte[] input)
    {
        string path = InputText.Of(input);
        bool isSound = NormalPath.TryMake(path, out string normal);
        string? expected = Reference(path);
        FuzzFaultException.Unless(isSound == expected is not null, $"It {(isSound ? "has" : "has not")} a normal form; the other reader says otherwise.");
        if (isSound)
        {
            FuzzFaultException.Unless(normal == expected, $"It is \"{normal}\" here and \"{expected}\" to the other reader.");
            FuzzFaultException.Unless(NormalPath.TryMake(normal, out string again) && again == normal, "Made normal twice, it is another.");
            FuzzFaultException.Unless(!normal.Contains("/../", StringComparison.Ordinal) && !normal.EndsWith("/..", StringComparison.Ordinal), "It leads upwards.");
        }

        if (path.Length == 0 || path[0] == '/')
        {
            var context = new DefaultHttpContext();
            context.Request.Path = new PathString(path);
            FuzzFaultException.Unless(RequestPath.TryRead(context.Request, out RequestPath read) == isSound && (!isSound || read.Normal == normal), "A request with this path has another.");
        }

        return (isSound ? 1 : 0) | (ReferenceEquals(path, normal) ? 2 : 0) | AnswerKind.Size(normal.Count(static c => c == '/')) << 2 | AnswerKind.Size(path.Length - normal.Length) << 7;
    }

    private static string? Reference(string path)
    {
        if (path.Length == 0)
        {
            return "/";
        }

        // What has nothing special in it is left as it is, a slash at its end too.
        if (path[0] == '/' && path.IndexOfAny(['%', '\\', ';', '\0']) < 0 && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        if (path[0] != '/' || Decode(path) is not { } decoded)
        {
            return null;
        }

        List<string> segments = [];
        foreach (string part in decoded.Split('/', '\\'))
        {
            string segment = part.Split(';')[0];
            if (segment == "..")
            {
                if (segments.Count == 0)
                {
                    return null;
                }

                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(segment);
            }
        }

        return $"/{string.Join('/', segments)}";
    }

    // One code after the other, the first that can be decoded, from the left. The rest must be UTF-8 and is decoded once.
    private static string? Decode(string path)
    {
        var text = new StringBuilder();
        foreach (char c in path)
        {
            text.Append(c);
            while (text.Length >= 3 && text[^3] == '%' && char.IsAsciiHexDigit(text[^2]) && char.IsAsciiHexDigit(text[^1]) && Convert.ToInt32($"{text[^2]}{text[^1]}", 16) is < 0x80 and int code)
            {
                text.Length -= 3;
                text.Append((char)code);
            }

            if (text[^1] == '\0')
            {
                return null;
            }
        }

        string ascii = text.ToString();
        text.Clear();
        for (int i = 0; i < ascii.Length;)
        {
            List<byte> bytes = [];
            while (i + 2 < ascii.Length && ascii[i] == '%' && char.IsAsciiHexDigit(ascii[i + 1]) && char.IsAsciiHexDigit(ascii[i + 2]))
            {
                bytes.Add(Convert.ToByte(ascii.Substring(i + 1, 2), 16));
                i += 3;
            }

            try
            {
                text.Append(s_strict.GetString([.. bytes]));
            }
            catch (DecoderFallbackException)
            {
                return null;
            }

            if (bytes.Count == 0)
            {
                text.Append(ascii[i++]);
            }
        }

        return text.ToString();
    }
}
