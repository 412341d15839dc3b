using System.Globalization;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>One gRPC call at a Kestrel endpoint, in raw frames: what Grpc.AspNetCore would make of a request.</summary>
internal sealed class GrpcExchange(HttpContext context)
{
    /// <summary>Reads a request.</summary>
    /// <returns>It; <see langword="null"/> when the caller has completed.</returns>
    public async Task<TRequest?> ReadAsync<TRequest>(MessageParser<TRequest> parser)
        where TRequest : class, IMessage<TRequest> =>
        await GrpcFrame.ReadAsync(context.Request.Body, context.RequestAborted) is { } message ? parser.ParseFrom(message) : null;

    /// <summary>Sends a response, and the headers before the first.</summary>
    public async Task WriteAsync(IMessage message)
    {
        Begin();
        await context.Response.BodyWriter.WriteAsync(GrpcFrame.Of(message), context.RequestAborted);
    }

    /// <summary>Ends the call: in the trailers, or trailers-only where nothing was sent and it failed, as Grpc.AspNetCore does.</summary>
    public async Task EndAsync(GrpcCode code = GrpcCode.OK, string detail = "")
    {
        string status = ((int)code).ToString(CultureInfo.InvariantCulture);
        if (code is not GrpcCode.OK && !context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers[GrpcStatus.StatusHeader] = status;
            context.Response.Headers[GrpcStatus.MessageHeader] = Encode(detail);
            return;
        }

        Begin();
        await context.Response.StartAsync(context.RequestAborted);
        context.Response.AppendTrailer(GrpcStatus.StatusHeader, status);
        if (detail.Length > 0)
        {
            context.Response.AppendTrailer(GrpcStatus.MessageHeader, Encode(detail));
        }
    }

    // gRPC over HTTP2, "Percent-Encoded": all but printable ASCII, and the percent sign.
    private static string Encode(string detail)
    {
        StringBuilder encoded = new();
        foreach (byte value in Encoding.UTF8.GetBytes(detail))
        {
            _ = value is >= 0x20 and <= 0x7e and not (byte)'%' ? encoded.Append((char)value) : encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return encoded.ToString();
    }

    private void Begin()
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
        }
    }
}
