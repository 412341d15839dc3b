using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mesh.Client.Model;

namespace Mesh.Client.Discovery.Cache;

/// <summary>
/// How a cache file is written: <c>{"format":1,"checksum":"…","answer":{…}}</c>. The checksum is the SHA-256 of the answer's bytes as they stand
/// in the file, so that a torn or flipped file is found out before anything of it is believed. It guards against accidents; against people
/// the file's owner and mode do.
/// </summary>
internal static class CacheFormat
{
    /// <summary>The format that is written. A reader refuses a higher one.</summary>
    public const int Version = 1;

    /// <summary>A file dated this far ahead was written by a clock that cannot be trusted.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    /// <summary>Writes an answer.</summary>
    public static byte[] Write(string service, CachedAnswer answer)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new CacheDocument
            {
                Service = service,
                Source = answer.Source,
                Revision = answer.Set.Revision,
                AsOf = answer.AsOf,
                Doubted = answer.Doubted,
                Endpoints = [.. answer.Set.Endpoints.Select(CachedEndpoint.Of)],
            },
            CacheJson.Default.CacheDocument);
        return Frame(body);
    }

    /// <summary>Puts a body into a file of this format.</summary>
    public static byte[] Frame(byte[] body) =>
        [.. Encoding.UTF8.GetBytes($$"""{"format":{{Version}},"checksum":"{{Checksum(body)}}","answer":"""), .. body, (byte)'}', (byte)'\n'];

    /// <summary>Reads an answer.</summary>
    /// <param name="content">The bytes of the file.</param>
    /// <param name="service">The service that it should be about.</param>
    /// <param name="now">The time.</param>
    /// <param name="fault">What is wrong with it, where it cannot be used.</param>
    /// <returns>The answer; <see langword="null"/> where it cannot be used.</returns>
    public static CachedAnswer? Read(ReadOnlySpan<byte> content, string service, DateTimeOffset now, out string? fault)
    {
        try
        {
            fault = Split(content, out ReadOnlySpan<byte> body);
            CacheDocument? document = fault is null ? JsonSerializer.Deserialize(body, CacheJson.Default.CacheDocument) : null;
            if (document is null)
            {
                fault ??= "has no answer";
                return null;
            }

            return Judge(document, service, now, out fault);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            fault = "is no file of this format, or torn";
            return null;
        }
    }

    /// <summary>Finds the body of a file.</summary>
    /// <returns>What is wrong with the file; <see langword="null"/> where nothing is.</returns>
    /// <exception cref="JsonException">It is torn.</exception>
    public static string? Split(ReadOnlySpan<byte> content, out ReadOnlySpan<byte> body)
    {
        body = default;
        string? checksum = null;
        bool hasFormat = false;
        var reader = new Utf8JsonReader(content);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            string? key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "format" when reader.GetInt32() is not Version and var format:
                    return format > Version ? $"has format {format}, which a later version wrote; this one reads up to {Version}" : $"has the unknown format {format}";
                case "format":
                    hasFormat = true;
                    break;
                case "checksum":
                    checksum = reader.GetString();
                    break;
                case "answer":
                    long start = reader.TokenStartIndex;
                    reader.Skip();
                    body = content[(int)start..(int)reader.BytesConsumed];
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // What follows the end is no JSON: reading on says so.
        while (reader.Read())
        {
        }

        return !hasFormat ? "names no format" : Checksum(body) != checksum ? "does not match its checksum" : null;
    }

    private static CachedAnswer? Judge(CacheDocument document, string service, DateTimeOffset now, out string? fault)
    {
        if (document.Service != service || string.IsNullOrEmpty(document.Source))
        {
            fault = document.Service == service ? "names no source" : $"is about another service, \"{document.Service}\"";
            return null;
        }

        if (document.AsOf > now + MaxAhead)
        {
            fault = $"is dated {document.AsOf:u}, which is more than a day ahead of this machine's clock";
            return null;
        }

        var set = new EndpointSet(document.Endpoints.IsDefault ? [] : [.. document.Endpoints.Select(static e => e?.ToEndpoint() ?? throw new JsonException("an endpoint is null"))], document.Revision);
        fault = set.Endpoints.IsEmpty ? "has no endpoint" : EndpointCheck.Fault(EndpointUpdate.Found(set), null) is { } wrong ? $"cannot be used: {wrong}" : null;
        return fault is null ? new CachedAnswer(document.Source, set, document.AsOf, document.Doubted) : null;
    }

    private static string Checksum(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
