using Mesh.Agent.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Mesh.Agent.Options;

/// <summary>
/// The file as it was when it was last valid. A change is read whole and checked as <c>check</c> does before any of it counts, so that there is one list of errors for a file and never half of it in force.
/// </summary>
internal sealed class AgentFileProvider(AgentFileSource source) : ConfigurationProvider, IDisposable
{
    // An editor writes in several steps. What looks wrong is looked at once more before anybody is told.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(250);
    private readonly Lock _reading = new();
    private PhysicalFileProvider? _folder;
    private IDisposable? _changes;
    private ITimer? _due;
    private ILogger? _logger;
    private bool _isSecondLook;
    private string _refused = "";

    /// <summary>Says where refusals are told from now on.</summary>
    public void LogTo(ILogger logger) => _logger = logger;

    public override void Load()
    {
        Data = source.Read();
        if (source.IsFollowed && _changes is null)
        {
            _due = TimeProvider.System.CreateTimer(static state => ((AgentFileProvider)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _folder = new PhysicalFileProvider(Path.GetDirectoryName(source.Path)!, Microsoft.Extensions.FileProviders.Physical.ExclusionFilters.None);
            _changes = ChangeToken.OnChange(() => _folder.Watch(Path.GetFileName(source.Path)), Changed);
        }
    }

    public void Dispose()
    {
        _changes?.Dispose();
        _folder?.Dispose();
        _due?.Dispose();
    }

    private void Changed()
    {
        lock (_reading)
        {
            _isSecondLook = false;
            _due!.Change(s_settle, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        lock (_reading)
        {
            string faults = Take();
            if (faults.Length > 0 && !_isSecondLook)
            {
                _isSecondLook = true;
                _due!.Change(s_settle, Timeout.InfiniteTimeSpan);
                return;
            }

            if (faults.Length > 0 && faults != _refused && _logger is { } logger)
            {
                AgentLog.ReloadRefused(logger, faults);
            }

            _refused = faults;
        }
    }

    private string Take()
    {
        IDictionary<string, string?> read;
        try
        {
            read = source.Read();
            if (source.Check(read) is { Count: > 0 } faults)
            {
                return string.Join(Environment.NewLine, faults);
            }
        }
        catch (Exception error)
        {
            // Whatever a file makes of it, the agent lives on with the last good one.
            return error.Message;
        }

        Data = read;
        OnReload();
        return "";
    }
}
