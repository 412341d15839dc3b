using System.Globalization;
using Mesh.Chaos.Fleet;
using Mesh.Chaos.Load;

namespace Mesh.Chaos.Checks;

/// <summary>No POST was executed twice, and each that was answered well was executed. The instances' own records are the witness.</summary>
internal static class PostCheck
{
    public static Invariant Judge(CallBook book, IEnumerable<Instance> instances)
    {
        Dictionary<string, List<string>> executed = [];
        foreach (Instance instance in instances.Where(static i => File.Exists(i.RecordFile)))
        {
            foreach (string id in File.ReadLines(instance.RecordFile))
            {
                if (!executed.TryGetValue(id, out List<string>? by))
                {
                    executed[id] = by = [];
                }

                by.Add(instance.Name);
            }
        }

        List<string> breaches =
        [
            .. executed.Where(static e => e.Value.Count > 1).Select(static e => $"POST {e.Key} was executed by {string.Join(" and ", e.Value)}"),
            .. book.Acknowledged.Where(id => !executed.ContainsKey(id)).Select(static id => $"POST {id} was answered well and nobody has executed it"),
        ];
        int failed = book.Bad.Count(static c => c.Kind is CallKind.Post);
        return new Invariant("no POST is executed twice", string.Create(CultureInfo.InvariantCulture, $"{executed.Count} executed, {book.Acknowledged.Count} answered well, {failed} failed"), breaches);
    }
}
