using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Balancing.Latency;
using Mesh.Client.Model;

namespace Mesh.Client.Balancing;

/// <summary>The balancers that need no registration.</summary>
internal static class BuiltInBalancers
{
    /// <summary>Their names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["PeakEwma", "LeastRequest", "RoundRobin", "Random", "First", "RingHash", "Maglev"];

    /// <summary>Makes the balancer that a policy names.</summary>
    /// <param name="policy">The policy, validated: its name is built in or among <paramref name="custom"/>.</param>
    /// <param name="custom">The balancers that were added in code.</param>
    public static LoadBalancer Create(BalancingPolicy policy, IReadOnlyList<LoadBalancer> custom)
    {
        foreach (LoadBalancer balancer in custom)
        {
            if (string.Equals(balancer.Name, policy.Policy, StringComparison.OrdinalIgnoreCase))
            {
                return balancer;
            }
        }

        return policy.Policy.ToUpperInvariant() switch
        {
            "LEASTREQUEST" => new LeastRequestBalancer(policy.ChoiceCount),
            "RINGHASH" => new RingHashBalancer(policy.RingSize, policy.HashBalanceFactor),
            "MAGLEV" => new MaglevBalancer(policy.MaglevTableSize, policy.HashBalanceFactor),
            "ROUNDROBIN" => new RoundRobinBalancer(),
            "RANDOM" => new RandomBalancer(),
            "FIRST" => new FirstBalancer(),
            _ => new PeakEwmaBalancer(policy.ChoiceCount),
        };
    }
}
