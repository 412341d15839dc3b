using Mesh.Agent.Telemetry;
using Mesh.Client.Options;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;
using Mesh.Client.Options.Tree;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Mesh.Agent.Options;

/// <summary>The owner of the agent's own policy. A change is read whole; one that is not valid is refused, and the last good one stays.</summary>
internal sealed class AgentConfiguration : IDisposable
{
    private static readonly string[] s_sections = [AgentSection.SectionName, nameof(Mesh), "Logging", "services", "$schema"];

    private readonly IConfigurationRoot _root;
    private readonly ILogger _logger;
    private readonly IDisposable _changes;
    private readonly Lock _lock = new();
    private ConfigTree _good;
    private string _refused = "";
    private volatile AgentPolicy _current;

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="MeshOptionsException">It is not valid.</exception>
    public AgentConfiguration(IConfigurationRoot root, ILogger logger)
    {
        _root = root;
        _logger = logger;
        foreach (AgentFileProvider file in root.Providers.OfType<AgentFileProvider>())
        {
            file.LogTo(logger);
        }

        _good = Tree(root);
        var errors = new OptionErrors();
        _current = AgentSection.Read(_good, errors);
        if (errors.Count > 0)
        {
            throw new MeshOptionsException(errors.ToLines());
        }

        _changes = ChangeToken.OnChange(root.GetReloadToken, Reload);
    }

    /// <summary>The policy in force.</summary>
    public AgentPolicy Current => _current;

    /// <summary>What a configuration says, whatever is wrong in it left out.</summary>
    public static AgentPolicy Read(IConfigurationRoot root) => AgentSection.Read(Tree(root), new OptionErrors());

    /// <summary>Everything that is wrong with the agent's own part of a configuration.</summary>
    public static IReadOnlyList<string> Check(IConfigurationRoot root)
    {
        var errors = new OptionErrors();
        AgentSection.Read(Tree(root), errors);
        foreach (IConfigurationSection section in root.GetChildren())
        {
            if (!s_sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(section.Key, null, $"is no section of the agent's configuration; did you mean \"{NearestName.Of(section.Key, s_sections)}\"? Known here: {string.Join(", ", s_sections)}");
            }
        }

        return errors.ToLines();
    }

    public void Dispose() => _changes.Dispose();

    private static ConfigTree Tree(IConfigurationRoot root) =>
        ConfigTree.Read(AgentSection.SectionName, ConfigLayer.OfRoot(root, AgentSection.SectionName), AgentSection.IsList);

    private void Reload()
    {
        lock (_lock)
        {
            ConfigTree tree = Tree(_root);
            if (tree.LostSource(_good))
            {
                // A half-written or deleted file: the mesh's own configuration logs it.
                return;
            }

            var errors = new OptionErrors();
            AgentPolicy next = AgentSection.Read(tree, errors);
            string lines = string.Join(Environment.NewLine, errors.ToLines());
            if (errors.Count > 0)
            {
                if (lines != _refused)
                {
                    AgentLog.ReloadRefused(_logger, lines);
                }

                _refused = lines;
                return;
            }

            _refused = "";
            _good = tree;
            if (next == _current)
            {
                return;
            }

            if (!next.ListensLike(_current))
            {
                AgentLog.RestartNeeded(_logger);
            }

            _current = next;
            AgentLog.Reloaded(_logger);
        }
    }
}
