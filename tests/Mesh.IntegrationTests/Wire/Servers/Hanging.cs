using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Wire.Servers;

/// <summary>An answer that never comes.</summary>
internal static class Hanging
{
    /// <summary>Waits until the caller, or the server itself, has gone.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration aborted = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
