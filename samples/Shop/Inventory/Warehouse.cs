namespace Shop.Inventory;

/// <summary>Knows the items. Every tenth lies in a warehouse far away, which takes its time.</summary>
internal static class Warehouse
{
    private static readonly TimeSpan s_near = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_far = TimeSpan.FromMilliseconds(600);

    public static Task AskAsync(int item, CancellationToken end) => Task.Delay(item % 10 == 0 ? s_far : s_near, end);

    public static int Count(int item) => item % 7;
}
