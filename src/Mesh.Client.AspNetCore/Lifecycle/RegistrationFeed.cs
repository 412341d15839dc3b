using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>The options in force, and a signal of their next change.</summary>
internal sealed class RegistrationFeed : IDisposable
{
    private readonly MeshConfiguration _configuration;
    private readonly IDisposable _subscription;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RegistrationFeed(MeshConfiguration configuration)
    {
        _configuration = configuration;
        _subscription = configuration.OnChange(_ => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult());
    }

    public RegistrationPolicy Policy => (RegistrationPolicy)_configuration.Current.Added[RegistrationSection.SectionName];

    public LocalPolicy Local => _configuration.Current.Local;

    /// <summary>Ends at the next change. Take it before reading what it is about.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public void Dispose() => _subscription.Dispose();
}
