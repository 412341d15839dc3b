namespace Mesh.Client.Registration;

/// <summary>
/// Makes instances known to others through a registry. One is made of each registry that is added; add another with
/// <c>services.AddSingleton&lt;IServiceRegistrar, …&gt;()</c>.
/// </summary>
public interface IServiceRegistrar
{
    /// <summary>
    /// Registers an instance, and keeps it registered until <see cref="DeregisterAsync"/>: what the registry loses or forgets is said again. Called again with the
    /// same id, it replaces what was registered, without a moment in which the instance is not known.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">Gives up. The instance is then not kept registered, unless it was before the call.</param>
    /// <exception cref="ArgumentException">The registry cannot hold the instance as it is, such as a label; the message says what and why.</exception>
    /// <exception cref="InstanceConflictException">Another live process has registered the id. Nothing was overwritten.</exception>
    /// <exception cref="IOException">The registry could not be asked or refused. Nothing is kept; the caller may try again.</exception>
    ValueTask RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken);

    /// <summary>Takes an instance that this process registered out of the registry and no longer keeps it there. An id that is not registered is no error.</summary>
    /// <param name="instanceId">Its <see cref="ServiceInstance.Id"/>.</param>
    /// <param name="cancellationToken">Gives up on the registry; the instance is not kept registered any more all the same.</param>
    /// <exception cref="IOException">The registry could not be asked or refused.</exception>
    ValueTask DeregisterAsync(string instanceId, CancellationToken cancellationToken);
}
