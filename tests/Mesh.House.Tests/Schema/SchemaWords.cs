using System.Reflection;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Mesh.House.Tests.Schema;

/// <summary>What the XML documentation says of options, as text.</summary>
internal sealed class SchemaWords
{
    private readonly Dictionary<string, XElement> _members = [];

    public SchemaWords()
    {
        foreach (SourceProject project in Repository.Projects)
        {
            foreach (XElement member in XDocument.Load(Path.ChangeExtension(project.Assembly, ".xml")).Descendants("member"))
            {
                _members.TryAdd(member.Attribute("name")!.Value, member);
            }
        }
    }

    public void Describe(JsonObject schema, Type type) => Describe(schema, $"T:{type.FullName}");

    public void Describe(JsonObject schema, PropertyInfo property) => Describe(schema, $"P:{property.DeclaringType!.FullName}.{property.Name}");

    private void Describe(JsonObject schema, string name)
    {
        if (_members.TryGetValue(name, out XElement? member))
        {
            string words = string.Join(' ', new[] { member.Element("summary"), member.Element("value") }.OfType<XElement>().Select(Text).Where(static t => t.Length > 0));
            if (words.Length > 0)
            {
                schema["description"] = words;
            }
        }
    }

    private static string Text(XElement element) => string.Join(' ', string.Concat(element.Nodes().Select(Word)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Word(XNode node) => node switch
    {
        XText text => text.Value,
        XElement element when (element.Attribute("cref") ?? element.Attribute("langword") ?? element.Attribute("name")) is { } name => name.Value.Split(':')[^1].Split('(')[0].Split('.')[^1],
        XElement element => Text(element),
        _ => "",
    };
}
