using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>A connection of HTTP/2 without any rule: frames and headers are sent as they are told.</summary>
internal sealed class RawHttp2 : IDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly RawSocket _socket;

    private RawHttp2(RawSocket socket) => _socket = socket;

    /// <summary>Opens one and sends the preface and empty settings.</summary>
    public static async Task<RawHttp2> OpenAsync(int port)
    {
        var connection = new RawHttp2(await RawSocket.OpenAsync(port));
        await connection._socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await connection.SendAsync(Settings, 0, 0);
        return connection;
    }

    /// <summary>Puts a frame together (RFC 9113, 4.1).</summary>
    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>Writes headers as literals that are not indexed (RFC 7541, 6.2.2), a character a byte.</summary>
    public static byte[] Block(params (string Name, string Value)[] headers)
    {
        using var block = new MemoryStream();
        foreach ((string name, string value) in headers)
        {
            block.WriteByte(0);
            Text(block, name);
            Text(block, value);
        }

        return block.ToArray();
    }

    public Task SendAsync(byte type, byte flags, int stream, params byte[] payload) => _socket.SendAsync(Frame(type, flags, stream, payload));

    public Task SendAsync(ReadOnlyMemory<byte> frames) => _socket.SendAsync(frames);

    /// <summary>Reads a frame.</summary>
    /// <returns><see langword="null"/> where the connection has ended.</returns>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadAsync()
    {
        byte[] head = await _socket.ReadAsync(9);
        if (head.Length < 9)
        {
            return null;
        }

        byte[] payload = await _socket.ReadAsync((head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1)));
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    /// <summary>Reads until all of some streams have ended, or the connection has.</summary>
    /// <returns>What each stream got: a status, or 0 where it was reset or nothing came, and the body.</returns>
    public async Task<Dictionary<int, RawResponse>> ReadAllAsync(params int[] streams)
    {
        Dictionary<int, RawResponse> answers = [];
        HashSet<int> open = [.. streams];
        foreach (int stream in streams)
        {
            answers[stream] = new RawResponse(0, "");
        }

        while (open.Count > 0 && await ReadAsync() is var (type, flags, stream, payload) && type != GoAway)
        {
            if (type == Settings && flags == 0)
            {
                await SendAsync(Settings, 1, 0);
            }

            if (!answers.TryGetValue(stream, out RawResponse? answer))
            {
                continue;
            }

            answers[stream] = (type, answer.Status) switch
            {
                (Reset, _) => new RawResponse(0, ""),
                (Headers, 0) => new RawResponse(Status(payload), ""),
                (Data, _) => answer with { Body = answer.Body + Encoding.Latin1.GetString(payload) },
                _ => answer,
            };
            if (type == Reset || (type is Headers or Data && (flags & EndStream) != 0))
            {
                open.Remove(stream);
            }
        }

        return answers;
    }

    public void Dispose() => _socket.Dispose();

    // The status comes first: as an entry of the static table, or as a literal whose name is one (RFC 7541, appendix A).
    private static int Status(ReadOnlySpan<byte> block)
    {
        while ((block[0] & 0xe0) == 0x20)
        {
            block = block[((block[0] & 0x1f) == 0x1f ? 3 : 1)..];
        }

        int[] known = [200, 204, 206, 304, 400, 404, 500];
        return block[0] >= 0x88 ? known[block[0] - 0x88] : int.Parse(Encoding.Latin1.GetString(block.Slice(2, 3)), CultureInfo.InvariantCulture);
    }

    private static void Text(MemoryStream block, string text)
    {
        // The first seven bits of a length, then the rest of it in groups of seven (RFC 7541, 5.1).
        int length = text.Length;
        block.WriteByte((byte)Math.Min(length, 127));
        for (length -= 127; length >= 0; length >>= 7)
        {
            block.WriteByte((byte)((length & 127) | (length > 127 ? 128 : 0)));
            if (length <= 127)
            {
                break;
            }
        }

        block.Write(Encoding.Latin1.GetBytes(text));
    }
}
