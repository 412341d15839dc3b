using System.Globalization;
using System.Net.Http.Headers;

namespace Mesh.Client.Grpc;

/// <summary>What a gRPC attempt after the first says of itself in its headers.</summary>
internal static class GrpcAttempt
{
    /// <summary>How many attempts others made of the call before it came here.</summary>
    public static int Before(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues(GrpcNames.PreviousAttempts, out HeaderStringValues values)
        && int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int before)
            ? before
            : 0;

    /// <summary>Sets the number of attempts before this one, and the time that is left.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="before">The number of attempts; 0 is left out.</param>
    /// <param name="left">The time; <see langword="null"/> leaves what the caller said.</param>
    public static void Mark(HttpRequestMessage request, int before, TimeSpan? left)
    {
        request.Headers.Remove(GrpcNames.PreviousAttempts);
        if (before > 0)
        {
            request.Headers.TryAddWithoutValidation(GrpcNames.PreviousAttempts, before.ToString(CultureInfo.InvariantCulture));
        }

        if (left is { } time)
        {
            request.Headers.Remove(GrpcNames.Timeout);
            request.Headers.TryAddWithoutValidation(GrpcNames.Timeout, GrpcTimeoutText.Format(time));
        }
    }
}
