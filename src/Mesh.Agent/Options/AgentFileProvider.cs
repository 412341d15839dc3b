using Mesh.Agent.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Options;

/// <summary>
/// The file as it was when it was last valid. A change is read whole and checked as <c>check</c> does before any of it counts, so that there is one list of errors for a file and never half of it in force.
/// The file is looked at, and not watched: docs/decisions/agent-file.md.
/// </summary>
internal sealed class AgentFileProvider(AgentFileSource source) : ConfigurationProvider, IDisposable
{
    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // An editor writes in several steps. What is new counts once it was the same twice.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(250);

    private readonly Lock _looking = new();
    private ITimer? _due;
    private ILogger? _logger;
    private AgentFileLook _known = new([], "");
    private AgentFileLook? _new;

    /// <summary>Says where refusals are told from now on.</summary>
    public void LogTo(ILogger logger) => _logger = logger;

    /// <summary>Looks at the file now.</summary>
    public void LookNow() => _due?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    public override void Load()
    {
        byte[] content = source.Read();
        Data = source.Parse(content);
        _known = new AgentFileLook(content, "");
        if (source.IsFollowed && _due is null)
        {
            _due = TimeProvider.System.CreateTimer(static state => ((AgentFileProvider)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _due.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _due?.Dispose();

    private void Look()
    {
        lock (_looking)
        {
            AgentFileLook seen = Read();
            if (seen.IsAs(_known))
            {
                _new = null;
            }
            else if (seen.IsAs(_new))
            {
                _known = seen;
                _new = null;
                Take(seen);
            }
            else
            {
                _new = seen;
            }

            _due!.Change(_new is null ? Interval : s_settle, Timeout.InfiniteTimeSpan);
        }
    }

    private AgentFileLook Read()
    {
        try
        {
            return new AgentFileLook(source.Read(), "");
        }
        catch (Exception error)
        {
            // Whatever becomes of a file, the agent lives on with the last good one.
            return new AgentFileLook([], error.Message);
        }
    }

    private void Take(AgentFileLook seen)
    {
        try
        {
            string faults = seen.Fault;
            IDictionary<string, string?> read = faults.Length == 0 ? source.Parse(seen.Content) : Data;
            faults = faults.Length == 0 ? string.Join(Environment.NewLine, source.Check(read)) : faults;
            if (faults.Length > 0)
            {
                Refuse(faults);
                return;
            }

            Data = read;
            OnReload();
        }
        catch (Exception error)
        {
            Refuse(error.Message);
        }
    }

    private void Refuse(string faults)
    {
        if (_logger is { } logger)
        {
            AgentLog.ReloadRefused(logger, faults);
        }
    }
}
