using Mesh.Client.AspNetCore;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Inbound;

/// <summary>What the configuration of one inbound listener is beside the agent's own: its <c>Registration</c> stands where the library reads it.</summary>
/// <param name="agent">The agent's configuration.</param>
/// <param name="key">Where the listener stands in it.</param>
internal sealed class InboundOverlay(IConfigurationRoot agent, string key) : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        IConfigurationSection section = agent.GetSection($"{key}:{RegistrationSection.SectionName}");
        Data = section.AsEnumerable(makePathsRelative: true)
            .Where(static pair => pair.Key.Length > 0)
            .ToDictionary(static pair => $"{nameof(Mesh)}:{RegistrationSection.SectionName}:{pair.Key}", static pair => pair.Value, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads it anew, and says so to whoever follows the configuration.</summary>
    public void Refresh()
    {
        Load();
        OnReload();
    }
}
