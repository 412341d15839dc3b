namespace Mesh.Client.Services;

/// <summary>What the first calls to a service wait for. All of them wait until the same moment, counted from the service's first use.</summary>
internal sealed class FirstAnswer(MeshService service, MeshEngine engine)
{
    private volatile TaskCompletionSource _next = New();
    private volatile bool _isUnknown;
    private volatile bool _isOver;

    /// <summary>Whether all sources said that they do not know the service.</summary>
    public bool IsUnknown
    {
        get => _isUnknown;
        set => _isUnknown = value;
    }

    /// <summary>Wakes whoever waits, to look again.</summary>
    public void Announce()
    {
        TaskCompletionSource next = _next;
        _next = New();
        next.SetResult();
    }

    /// <summary>Nobody watches the service any more: whoever still waits need wait no longer.</summary>
    public void End()
    {
        _isOver = true;
        Announce();
    }

    /// <summary>Waits for a snapshot.</summary>
    /// <returns>The snapshot; <see langword="null"/> where no source knows the service.</returns>
    /// <exception cref="MeshException">No answer within <c>Discovery:FirstResolveTimeout</c>.</exception>
    public async ValueTask<ServiceSnapshot?> WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan timeout = engine.Configuration.Current.Discovery.FirstResolveTimeout;
        while (true)
        {
            Task next = _next.Task;
            if (service.Snapshot is { } snapshot)
            {
                return snapshot;
            }

            if (_isUnknown)
            {
                return null;
            }

            if (_isOver)
            {
                throw new MeshException(
                    MeshError.DiscoveryTimeout, service.Name, $"Service \"{service.Name}\": the mesh was disposed before a source answered (asked {service.Asked}). Keep its ServiceProvider or handler until the last call is done.");
            }

            TimeSpan left = timeout - engine.Clock.GetElapsedTime(service.Created);
            if (left <= TimeSpan.Zero)
            {
                throw TimedOut(timeout);
            }

            try
            {
                await next.WaitAsync(left, engine.Clock, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw TimedOut(timeout);
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MeshException TimedOut(TimeSpan timeout) => new(
        MeshError.DiscoveryTimeout,
        service.Name,
        $"Service \"{service.Name}\": no source answered within Discovery:FirstResolveTimeout {timeout} (asked {service.Asked}).");
}
