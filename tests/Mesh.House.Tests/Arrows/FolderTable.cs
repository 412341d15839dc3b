namespace Mesh.House.Tests.Arrows;

/// <summary>Which folder of src/Mesh.Client may use which. A row reads: this folder → the folders that it may use.</summary>
internal static class FolderTable
{
    public const string Root = "(root)";

    /// <summary>Where everything is wired together: these may use every folder, and no folder may use them, apart from <see cref="SharedRootTypes"/>.</summary>
    public static IReadOnlySet<string> Wiring { get; } = new HashSet<string> { Root, "DependencyInjection" };

    /// <summary>All other folders.</summary>
    public static IReadOnlyDictionary<string, string[]> Rows { get; } = new Dictionary<string, string[]>
    {
        ["Matching"] = [],
        ["Model"] = ["Matching"],
        ["Traffic"] = ["Model"],
        ["Inbound"] = ["Matching", "Model", "Traffic"],
        ["Telemetry"] = ["Model"],
        ["Registration"] = ["Model"],
        ["Contents"] = [],
        ["Grpc"] = ["Model", "Contents"],
        ["Health"] = ["Model"],
        ["Nodes"] = ["Model", "Health", "Traffic"],
        ["Balancing"] = ["Matching", "Model", "Inbound", "Nodes", "Health"],
        ["Routing"] = ["Matching", "Model", "Balancing"],
        ["Limits"] = ["Model", "Telemetry"],
        ["Retries"] = ["Model", "Nodes", "Health", "Options", "Grpc", "Telemetry"],
        ["Faults"] = ["Model", "Grpc", "Telemetry"],
        ["Options"] = ["Model", "Matching", "Balancing", "Health", "Grpc"],
        ["Discovery"] = ["Model", "Options", "Retries", "Telemetry"],
        ["Policies"] = ["Options", "Retries", "Discovery", "Telemetry"],
        ["Probing"] = ["Model", "Nodes", "Telemetry", "Grpc", "Retries"],
        ["Services"] = ["Model", "Inbound", "Options", "Discovery", "Balancing", "Health", "Nodes", "Policies", "Probing", "Retries", "Telemetry", "Limits", "Routing", "Faults", "Traffic"],
        ["Pipeline"] = ["Matching", "Model", "Contents", "Inbound", "Nodes", "Balancing", "Health", "Retries", "Services", "Telemetry", "Grpc", "Limits", "Routing", "Faults"],
        ["Explaining"] = ["Matching", "Model", "Nodes", "Balancing", "Limits", "Routing", "Services", "Pipeline"],
        ["Http"] = ["Model", "Inbound", "Options", "Nodes", "Health", "Services", "Pipeline", "Telemetry", "Grpc"],
    };

    /// <summary>Types of the root that every folder may use, because callers catch them; they use no folder themselves.</summary>
    public static IReadOnlySet<string> SharedRootTypes { get; } = new HashSet<string> { "MeshError", "MeshException" };

    public static bool Allows(FolderArrow arrow)
    {
        if (arrow.To == Root && SharedRootTypes.Contains(arrow.Type))
        {
            return true;
        }

        bool fromShared = arrow.From == Root && SharedRootTypes.Contains(Path.GetFileNameWithoutExtension(arrow.File));
        return Wiring.Contains(arrow.From) ? !fromShared : Rows.TryGetValue(arrow.From, out string[]? allowed) && allowed.Contains(arrow.To);
    }

    /// <summary>A path of rows that leads back to where it started, or nothing.</summary>
    public static IReadOnlyList<string> FindCycle(IReadOnlyDictionary<string, string[]> rows)
    {
        var done = new HashSet<string>();
        return rows.Keys.Select(folder => Walk(folder, [])).FirstOrDefault(static cycle => cycle.Count > 0) ?? [];

        IReadOnlyList<string> Walk(string folder, IReadOnlyList<string> path)
        {
            if (path.Contains(folder))
            {
                return [.. path.SkipWhile(f => f != folder), folder];
            }

            if (done.Contains(folder))
            {
                return [];
            }

            IReadOnlyList<string> cycle = rows.GetValueOrDefault(folder, []).Select(next => Walk(next, [.. path, folder])).FirstOrDefault(static c => c.Count > 0) ?? [];
            done.Add(folder);
            return cycle;
        }
    }
}
