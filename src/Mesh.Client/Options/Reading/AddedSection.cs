namespace Mesh.Client.Options.Reading;

/// <summary>A section under <c>Mesh</c> that belongs to an added package: read and checked with all the others, its errors among theirs.</summary>
internal abstract class AddedSection(string name)
{
    /// <summary>The sections of our own packages, and what to do where one stands there and its package was not added.</summary>
    public static IReadOnlyDictionary<string, string> KnownPackages { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Consul"] = "belongs to the package Mesh.Client.Consul, which was not added; reference it and call mesh.AddConsul() in AddMesh, or remove the section",
        ["Redis"] = "belongs to the package Mesh.Client.Redis, which was not added; reference it and call mesh.AddRedisQuota() in AddMesh, or remove the section",
        ["Registration"] = "belongs to the package Mesh.Client.AspNetCore, and nothing is registered; reference it and call mesh.AddRegistration() in AddMesh, or remove the section",
    };

    public string Name => name;

    /// <summary>Reads the section beneath <c>Mesh</c>.</summary>
    /// <returns>What it compiles to: immutable, with value equality.</returns>
    public abstract object Read(SectionReader mesh);

    /// <summary>Checks a section that is well in itself against the others. <c>Local</c> and those of packages added before are read.</summary>
    /// <param name="mesh">The whole, this section in it.</param>
    /// <param name="prefix">What to put before the names of keys.</param>
    /// <param name="errors">Where to report.</param>
    public virtual void CrossCheck(MeshOptions mesh, string prefix, OptionErrors errors)
    {
    }
}
