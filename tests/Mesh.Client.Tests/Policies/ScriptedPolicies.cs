using System.Runtime.CompilerServices;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Policies;

/// <summary>A source of policies whose watches do what a test says: one function for each watch, the last one for all further ones.</summary>
internal sealed class ScriptedPolicies(params Func<CancellationToken, IAsyncEnumerable<PolicyDocuments>>[] watches) : IPolicySource
{
    private int _watches;

    public string Name => "Scripted";

    public int Watches => Volatile.Read(ref _watches);

    public IAsyncEnumerable<PolicyDocuments> WatchAsync(CancellationToken cancellationToken) =>
        watches[Math.Min(Interlocked.Increment(ref _watches), watches.Length) - 1](cancellationToken);

    public static PolicyDocuments Orders(string json) => new([new PolicyDocument("kv/orders", "orders", json)]);

    public static async IAsyncEnumerable<PolicyDocuments> SayAndEnd(PolicyDocuments documents)
    {
        await Task.Yield();
        yield return documents;
    }

    public static async IAsyncEnumerable<PolicyDocuments> SayAndHang(PolicyDocuments documents, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return documents;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public static IAsyncEnumerable<PolicyDocuments> Throw(string message) => throw new InvalidOperationException(message);
}
