using Shop.Story.Measuring;

namespace Shop.Story.Steps;

/// <summary>
/// Every tenth item lies in a warehouse that takes 600 ms to answer. A policy in Consul's KV says that nobody waits longer than 150 ms for
/// <c>inventory</c>; <c>orders</c> then shows the order without its stock. When the key is deleted, the configuration counts again.
/// </summary>
internal sealed class ChangePolicy : IStep
{
    private const string Key = "mesh/policies/inventory";
    private const string Policy = """{ "Timeout": "00:00:00.150" }""";

    public string Title => $"{Key} = {Policy}";

    public async Task<IReadOnlyList<Claim>> PlayAsync(Scene scene)
    {
        IReadOnlyList<Call> before = scene.Calls.Since(scene.Clock.Now - TimeSpan.FromSeconds(2)).Far;
        TimeSpan put = scene.Clock.Now;
        await scene.Consul.PutKeyAsync(Key, Policy, scene.Stopping);
        bool inForce = await scene.UntilAsync(() => IsImpatient(scene.Calls.Since(put).Far));
        TimeSpan took = scene.Clock.Now - put;
        TimeSpan from = scene.Clock.Now + TimeSpan.FromSeconds(0.7);
        await scene.HoldAsync();
        IReadOnlyList<Call> with = scene.Calls.Since(from).Far;

        scene.Say($"{Key} is deleted");
        TimeSpan deleted = scene.Clock.Now;
        await scene.Consul.DeleteKeyAsync(Key, scene.Stopping);
        bool undone = await scene.UntilAsync(() => scene.Calls.Since(deleted + TimeSpan.FromSeconds(0.7)).Far is { Count: > 5 } far && far.TakeLast(5).All(c => c.Page!.Order.InStock is not null));
        return
        [
            new Claim(
                "The policy in Consul took effect in all processes",
                inForce && CallWindow.Median(with) < CallWindow.Median(before) / 2,
                $"after {took.TotalSeconds:0.0} s; pages of far items took {CallWindow.Median(before).TotalMilliseconds:0} ms before it and {CallWindow.Median(with).TotalMilliseconds:0} ms under it"),
            new Claim("Deleted, the configuration counted again", undone, $"after {(scene.Clock.Now - deleted).TotalSeconds:0.0} s"),
        ];
    }

    // The last ones of each instance of orders, which all have the policy.
    private static bool IsImpatient(IReadOnlyList<Call> far) =>
        far.Select(c => c.Page!.Order.By).Distinct().Count() == 3 && far.GroupBy(c => c.Page!.Order.By).All(g => g.Last().Page!.Order.InStock is null);
}
