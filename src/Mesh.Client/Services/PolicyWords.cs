using Mesh.Client.Model;

namespace Mesh.Client.Services;

/// <summary>What the log says of a policy.</summary>
internal static class PolicyWords
{
    /// <summary>The policy in force, in a line.</summary>
    public static string Of(ServiceSnapshot snapshot)
    {
        ServicePolicy policy = snapshot.Policy;
        string members = snapshot.Members.Length == snapshot.Nodes.Length ? "" : $" over {snapshot.Members.Length} of them";
        string overlays = policy.Overlays.Items.Any(static o => o.IsActive) ? $", with the overlays {Overlays(policy)}" : "";
        return $"{policy.Balancing.Policy}{members}, timeout {policy.Timeout}, attempt timeout {policy.AttemptTimeout}, at most {policy.Retry.MaxAttempts} attempts{overlays}";
    }

    /// <summary>The overlays that count for this process, in their order.</summary>
    public static string Overlays(ServicePolicy policy)
    {
        string names = string.Join(", ", policy.Overlays.Items.Where(static o => o.IsActive).Select(static o => o.Name));
        return names.Length > 0 ? names : "none";
    }
}
