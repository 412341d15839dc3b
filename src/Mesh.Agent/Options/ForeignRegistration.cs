using Mesh.Client.AspNetCore;
using Mesh.Client.Options.Reading;

namespace Mesh.Agent.Options;

/// <summary>The section <c>Mesh:Registration</c>, which is of programs that register themselves: an agent registers those behind it.</summary>
internal sealed class ForeignRegistration() : AddedSection(RegistrationSection.SectionName)
{
    public override object Read(SectionReader mesh)
    {
        if (mesh.Node.Child(Name) is { } node)
        {
            mesh.Known(Name);
            mesh.Errors.Add(node, $"is not of the agent, which registers the programs behind it; write it as {Name} of an item of {AgentSection.SectionName}:{nameof(AgentOptions.Inbound)}");
        }

        return Name;
    }
}
