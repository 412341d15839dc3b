using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Services;

/// <summary>Any sequence of sets, with doubles, other orders, other ids and other weights, beside a diff that looks up every endpoint.</summary>
public sealed class NodeTablePropertyTests
{
    private const int Hosts = 7;
    private const int Ids = 2;
    private const int Weights = 3;

    // An endpoint is a number: host, id and weight in mixed radix.
    private static readonly Arbitrary<int[][]> AnySets = Arb.From(
        Gen.Choose(0, 9).SelectMany(static length => Gen.Choose(0, (Hosts * Ids * Weights) - 1).ArrayOf(length)).ArrayOf(),
        Shrink);

    private static readonly Arbitrary<int[][]> AnySmallSteps = Arb.From(
        Gen.Choose(0, int.MaxValue).ArrayOf().Select(static steps => Walk(steps).ToArray()),
        Shrink);

    [Fact]
    public void Apply_AnySets_DoesWhatTheNaiveDiffDoes() => ForAny.Check(AnySets, Compare, tests: 1000);

    [Fact]
    public void Apply_SetsThatChangeALittle_DoesWhatTheNaiveDiffDoes() => ForAny.Check(AnySmallSteps, Compare, tests: 1000);

    private static void Compare(int[][] sets)
    {
        var table = new NodeTable(new Fleet(0));
        var known = new Dictionary<string, (EndpointNode Node, string? Id)>();
        var ever = new HashSet<EndpointNode>();
        var removedEver = new HashSet<EndpointNode>();
        var instances = new Dictionary<int, MeshEndpoint>();
        foreach (int[] set in sets)
        {
            MeshEndpoint[] endpoints = [.. set.Select((number, i) => i % 2 == 0 ? Endpoint(number) : Shared(number))];
            var expected = endpoints.DistinctBy(static e => e.Host).ToList();

            NodeChange change = table.Apply([.. endpoints]);

            Assert.Equal(expected, change.Nodes.Select(static n => n.Endpoint));
            Assert.Equal(change.Nodes, table.Nodes);
            int added = 0;
            var next = new Dictionary<string, (EndpointNode Node, string? Id)>();
            foreach (EndpointNode node in change.Nodes)
            {
                string host = node.Endpoint.Host;
                if (known.TryGetValue(host, out (EndpointNode Node, string? Id) old) && old.Id == node.Endpoint.Id)
                {
                    Assert.Same(old.Node, node);
                }
                else
                {
                    added++;
                    Assert.True(ever.Add(node), $"{node.Endpoint} is not new");
                }

                next.Add(host, (node, node.Endpoint.Id));
            }

            Assert.Equal(added, change.Added);
            Assert.Equal(known.Values.Select(static k => k.Node).Except(change.Nodes).ToHashSet(), change.Removed.ToHashSet());
            Assert.All(change.Removed, node => Assert.True(removedEver.Add(node), $"{node.Endpoint} was removed twice"));
            known = next;
        }

        MeshEndpoint Shared(int number)
        {
            if (!instances.TryGetValue(number, out MeshEndpoint? shared))
            {
                instances[number] = shared = Endpoint(number);
            }

            return shared;
        }
    }

    private static MeshEndpoint Endpoint(int number) =>
        new($"10.0.0.{number / (Ids * Weights)}", 80) { Id = number / Weights % Ids == 0 ? null : "b", Weight = 1 + (number % Weights) };

    private static IEnumerable<int[]> Walk(int[] steps)
    {
        List<int> set = [0, 6, 12, 18];
        foreach (int step in steps)
        {
            int number = step / 64 % (Hosts * Ids * Weights);
            int index = set.Count == 0 ? 0 : step / 8 % set.Count;
            switch (step % 8)
            {
                case 0 or 1:
                    set.Insert(index, number);
                    break;
                case 2 when set.Count > 0:
                    set.RemoveAt(index);
                    break;
                case 3 when set.Count > 0:
                    set[index] = number;
                    break;
                case 4 when set.Count > 1:
                    (set[0], set[index]) = (set[index], set[0]);
                    break;
                case 5 when set.Count > 0:
                    set.Add(set[index]);
                    break;
                case 6 when set.Count > 0:
                    set[index] = (set[index] / Weights * Weights) + (number % Weights);
                    break;
                case 7 when step % 5 == 0:
                    set.Reverse();
                    break;
            }

            yield return [.. set];
        }
    }

    private static IEnumerable<int[][]> Shrink(int[][] sets)
    {
        for (int i = 0; i < sets.Length; i++)
        {
            yield return [.. sets[..i], .. sets[(i + 1)..]];
        }

        for (int i = 0; i < sets.Length; i++)
        {
            for (int j = 0; j < sets[i].Length; j++)
            {
                int[] shorter = [.. sets[i][..j], .. sets[i][(j + 1)..]];
                yield return [.. sets[..i], shorter, .. sets[(i + 1)..]];
            }
        }
    }
}
