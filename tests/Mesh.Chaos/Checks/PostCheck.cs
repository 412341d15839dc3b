using System.Globalization;
using Mesh.Chaos.Load;

namespace Mesh.Chaos.Checks;

/// <summary>No POST was executed twice, and each that was answered well was executed. The instances' own records are the witness.</summary>
internal static class PostCheck
{
    /// <param name="book">The calls.</param>
    /// <param name="records">The ids that each instance wrote down.</param>
    public static Invariant Judge(CallBook book, IEnumerable<(string Instance, IEnumerable<string> Ids)> records)
    {
        Dictionary<string, List<string>> executed = [];
        foreach ((string instance, IEnumerable<string> ids) in records)
        {
            foreach (string id in ids)
            {
                if (!executed.TryGetValue(id, out List<string>? by))
                {
                    executed[id] = by = [];
                }

                by.Add(instance);
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
