using System.Runtime.InteropServices;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>Hears the signals to stop that come while the instance stops already: somebody is in a hurry.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals(Action hurry)
    {
        foreach (PosixSignal signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
        {
            try
            {
                // Whether the process survives the signal is up to the host, which has heard it too.
                _registrations.Add(PosixSignalRegistration.Create(signal, _ => hurry()));
            }
            catch (Exception error) when (error is PlatformNotSupportedException or IOException)
            {
                return;
            }
        }
    }

    public void Dispose() => _registrations.ForEach(static r => r.Dispose());
}
