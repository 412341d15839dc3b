using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Admin;

/// <summary>Reads a body as text, no more of it than is allowed and no longer than patience lasts.</summary>
internal static class BoundedText
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a body.</summary>
    /// <returns>The status of the refusal and why, or the text.</returns>
    public static async Task<(int Status, string Text)> ReadAsync(HttpContext context, int most, TimeProvider clock)
    {
        string tooLong = $"The body is longer than {most} bytes; say less.";
        if (context.Request.ContentLength > most)
        {
            return (StatusCodes.Status413PayloadTooLarge, tooLong);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(most + 1);
        using var patience = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            int length = await context.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, most + 1), most + 1, throwOnEndOfStream: false, either.Token).ConfigureAwait(false);
            return length > most ? (StatusCodes.Status413PayloadTooLarge, tooLong) : (StatusCodes.Status200OK, s_strict.GetString(buffer, 0, length));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return (StatusCodes.Status408RequestTimeout, $"The body did not come within {s_patience}.");
        }
        catch (DecoderFallbackException)
        {
            return (StatusCodes.Status400BadRequest, "The body is no UTF-8.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
