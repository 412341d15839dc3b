using Mesh.Client.Model;

namespace Mesh.Client.Testing;

/// <summary>One service of an <see cref="InMemoryRegistry"/>.</summary>
internal sealed class RegistryEntry
{
    private RegistryAnswer _answer = new(EndpointUpdate.NotFound, failure: null);
    private int _watchers;

    public RegistryAnswer Answer => Volatile.Read(ref _answer);

    public int Watchers => Volatile.Read(ref _watchers);

    public void Publish(EndpointUpdate update) => Replace(new RegistryAnswer(update, failure: null));

    public void Fail(Exception failure) => Replace(new RegistryAnswer(update: null, failure));

    public void Enter() => Interlocked.Increment(ref _watchers);

    public void Leave() => Interlocked.Decrement(ref _watchers);

    private void Replace(RegistryAnswer next) => Interlocked.Exchange(ref _answer, next).MarkReplaced();
}
