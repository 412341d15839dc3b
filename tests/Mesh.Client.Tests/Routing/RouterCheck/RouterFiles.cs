using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mesh.Client.Tests.Routing.RouterCheck;

/// <summary>The files of cases, beside this one.</summary>
internal static class RouterFiles
{
    private const string Folder = "RouterCheck.";

    private static readonly Assembly s_assembly = typeof(RouterFiles).Assembly;

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static IEnumerable<(string File, RouterGroup Group)> Groups =>
        from name in s_assembly.GetManifestResourceNames()
        where name.Contains(Folder, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)
        from @group in Read(name)
        select (name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], @group);

    private static RouterGroup[] Read(string name)
    {
        using Stream stream = s_assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<RouterGroup[]>(stream, s_options)!;
    }
}
