using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Waiting;

/// <summary>What the tests of watching parts do with a manual clock.</summary>
internal static class ClockExtensions
{
    /// <summary>Lets the work under way come to rest without moving the clock, before a test looks for something that must not have happened.</summary>
    public static async Task SettleAsync(this ManualTimeProvider clock)
    {
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => clock.AdvanceUntilAsync(static () => false, TimeSpan.FromTicks(1), TimeSpan.Zero, TestContext.Current.CancellationToken));
        }
    }
}
