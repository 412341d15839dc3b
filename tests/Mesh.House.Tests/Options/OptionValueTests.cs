using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Xml.Linq;

namespace Mesh.House.Tests.Options;

public sealed class OptionValueTests
{
    public static TheoryData<string> Projects => Repository.ProjectNames;

    [Theory]
    [MemberData(nameof(Projects))]
    public void Options_OfAProject_SayWhatTheCodeDoes(string name)
    {
        string assembly = Repository.Project(name).Assembly;
        var words = XDocument.Load(Path.ChangeExtension(assembly, ".xml")).Descendants("member")
            .Where(static m => m.Element("value") is not null)
            .ToDictionary(static m => m.Attribute("name")!.Value, static m => string.Join(' ', m.Element("value")!.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

        IEnumerable<string> faults =
            from type in Assembly.LoadFrom(assembly).GetExportedTypes()
            where type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetConstructor(Type.EmptyTypes) is not null
            let options = Activator.CreateInstance(type)
            from property in type.GetProperties()
            where property.SetMethod?.IsPublic == true
            let fault = OptionValue.Fault(property, property.GetValue(options), words.GetValueOrDefault($"P:{type.FullName}.{property.Name}"))
            where fault is not null
            select fault;

        Rule.Holds(faults);
    }

    [Theory]
    [InlineData(nameof(Sample.Attempts), "Default 3 attempts; from 1 to 20.", true)]
    [InlineData(nameof(Sample.Attempts), "Default 3 attempts; from 1 to 20. 20 is many.", true)]
    [InlineData(nameof(Sample.Attempts), "Default 4 attempts; from 1 to 20.", false)]
    [InlineData(nameof(Sample.Attempts), "Default 3 attempts; from 1 to 21.", false)]
    [InlineData(nameof(Sample.Attempts), "Default 3 attempts; from 0 to 20.", false)]
    [InlineData(nameof(Sample.Attempts), "Default 3 attempts.", false)]
    [InlineData(nameof(Sample.Attempts), "Three.", false)]
    [InlineData(nameof(Sample.Attempts), null, false)]
    [InlineData(nameof(Sample.Delay), "Default 00:00:00.025.", true)]
    [InlineData(nameof(Sample.Delay), "Default 00:00:00.025; from 00:00:00 to 00:00:01.", false)]
    [InlineData(nameof(Sample.Delay), null, false)]
    [InlineData(nameof(Sample.Enabled), "Default true.", true)]
    [InlineData(nameof(Sample.Enabled), null, true)]
    [InlineData(nameof(Sample.Name), "Default b.", false)]
    [InlineData(nameof(Sample.Name), "Default: none.", false)]
    [InlineData(nameof(Sample.Limit), "Default: none.", true)]
    [InlineData(nameof(Sample.Limit), "Default 3.", false)]
    public void Fault_OfAnOption_IsNoneIfWordsAndCodeAgree(string name, string? words, bool agree)
    {
        PropertyInfo property = typeof(Sample).GetProperty(name, BindingFlags.Instance | BindingFlags.Public)!;

        Assert.Equal(agree, OptionValue.Fault(property, property.GetValue(new Sample()), words) is null);
    }

    private sealed class Sample
    {
        [Range(1, 20)]
        public int Attempts { get; set; } = 3;

        public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(25);

        public bool Enabled { get; set; } = true;

        public string Name { get; set; } = "a";

        public int? Limit { get; set; }
    }
}
