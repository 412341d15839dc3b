using System.Text;
using Mesh.Client.Grpc;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Headers;

/// <summary>What is written as <c>grpc-message</c> fits into a header and is read as what it was.</summary>
internal sealed class GrpcMessageTarget : IFuzzTarget
{
    private const int Most = 1024;

    public string Name => "grpc-message";

    public Grammar Grammar { get; } = new() { Tokens = ["no endpoint", "%", "%25", "%E2%82%AC", "€", "😀", "\ud83d", "\n"], MaxLength = 8 * 1024 };

    public int Run(byte[] input)
    {
        string message = InputText.Of(input);
        string encoded = GrpcMessageText.Encode(message);
        FuzzFaultException.Unless(encoded.All(static c => c is >= ' ' and <= '~'), "It has characters that no header has.");
        FuzzFaultException.Unless(encoded.Length <= 9 * Most, $"It is {encoded.Length} characters long.");
        string decoded = Decode(encoded);
        string kept = Sound(message.Length <= Most ? message : message[..Most]);
        FuzzFaultException.Unless(decoded == kept || (message.Length > Most && char.IsHighSurrogate(message[Most - 1]) && decoded == Sound(message[..(Most - 1)])), "It is read as something else.");
        return (encoded.Contains('%', StringComparison.Ordinal) ? 1 : 0) | AnswerKind.Size(encoded.Length) << 1;
    }

    // Lone surrogates are no characters.
    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    // As the specification says, byte by byte.
    private static string Decode(string text)
    {
        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            bytes.Add(text[i] == '%' ? Convert.FromHexString(text.AsSpan(i + 1, 2))[0] : (byte)text[i]);
            i += text[i] == '%' ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
