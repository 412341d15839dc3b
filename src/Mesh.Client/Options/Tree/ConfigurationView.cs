using Mesh.Client.Options.Reading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.Options.Tree;

/// <summary>What of the program's configuration the mesh looks at: its own section, and the root's <c>services</c> of .NET Aspire.</summary>
internal sealed class ConfigurationView(IConfiguration? section, IConfiguration? root)
{
    /// <summary>The configurations to watch for changes.</summary>
    public IEnumerable<Func<IChangeToken>> Changes
    {
        get
        {
            if (section is not null)
            {
                yield return section.GetReloadToken;
            }

            if (root is not null && !(section is not null && ShareRoot(section, root)))
            {
                yield return root.GetReloadToken;
            }
        }
    }

    public ConfigTree ReadMesh()
    {
        switch (section)
        {
            case null:
                return ConfigTree.Read(nameof(Mesh), [], ListPositions.InMesh);
            case IConfigurationRoot own:
                return ConfigTree.Read("", ConfigLayer.OfRoot(own, ""), ListPositions.InMesh);
        }

        string path = (section as IConfigurationSection)?.Path ?? "";
        if (root is not IConfigurationRoot layered || path.Length == 0)
        {
            return ConfigTree.Read(path, [ConfigLayer.OfSection(section)], ListPositions.InMesh);
        }

        if (!ShareRoot(section, layered))
        {
            // The section may still be the root's by way of a configuration around it, such as a chained one.
            ConfigTree alone = ConfigTree.Read(path, [ConfigLayer.OfSection(section)], ListPositions.InMesh);
            ConfigTree merged = ConfigTree.Read(path, ConfigLayer.OfRoot(layered, path), ListPositions.None);
            if (alone.Problem is not null || merged.Problem is not null || !alone.Root.SaysTheSame(merged.Root))
            {
                return alone;
            }
        }

        return ConfigTree.Read(path, ConfigLayer.OfRoot(layered, path), ListPositions.InMesh);
    }

    public ConfigTree ReadAspire() => root switch
    {
        null => ConfigTree.Read(AspireEndpoints.Path, [], ListPositions.InAspire),
        IConfigurationRoot layered => ConfigTree.Read(AspireEndpoints.Path, ConfigLayer.OfRoot(layered, AspireEndpoints.Path), ListPositions.InAspire),
        _ => ConfigTree.Read(AspireEndpoints.Path, [ConfigLayer.OfSection(root.GetSection(AspireEndpoints.Path))], ListPositions.InAspire),
    };

    /// <summary>A section hands out its root's own reload token, so one token means one root; a reload between the two looks asks for another look.</summary>
    private static bool ShareRoot(IConfiguration section, IConfiguration root)
    {
        for (int look = 0; look < 3; look++)
        {
            if (ReferenceEquals(section.GetReloadToken(), root.GetReloadToken()))
            {
                return true;
            }
        }

        return false;
    }
}
