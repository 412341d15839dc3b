using Microsoft.CodeAnalysis;

namespace Mesh.House.Tests.Surface;

/// <summary>The public surface of each package stands in a file under Approved, so that a change of it is a decision.</summary>
public sealed class PublicSurfaceTests
{
    private const string Approve = "MESH_APPROVE=1 bash tests/run.sh House";

    private const string Approved = "tests/Mesh.House.Tests/Approved";

    private static readonly string Folder = Directory.CreateDirectory(Repository.FullPath(Approved)).FullName;

    public static TheoryData<string> Projects => Repository.ProjectNames;

    [Theory]
    [MemberData(nameof(Projects))]
    public void Surface_OfAPackage_IsTheApprovedOne(string name)
    {
        string approvedPath = Path.Combine(Folder, name + ".txt");
        string receivedPath = Path.Combine(Folder, name + ".received.txt");
        string received = PublicSurface.Describe(CSharp.ReadAssembly(Repository.Project(name).Assembly));
        if (Environment.GetEnvironmentVariable("MESH_APPROVE") == "1")
        {
            File.WriteAllText(approvedPath, received);
        }

        string approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath).ReplaceLineEndings("\n") : string.Empty;
        File.Delete(receivedPath);
        if (received != approved)
        {
            File.WriteAllText(receivedPath, received);
            string[] before = approved.Split('\n');
            string[] after = received.Split('\n');
            IEnumerable<string> difference = before.Except(after).Select(static l => "- " + l).Concat(after.Except(before).Select(static l => "+ " + l));
            Rule.Holds(difference.Append($"{Repository.Relative(receivedPath)} is not {name}.txt. If the change is meant, approve it: {Approve}"));
        }
    }

    [Fact]
    public void Approved_Files_AreOfProjects()
    {
        IEnumerable<string> approved = Repository.Files(Approved, "*.txt").Select(static p => Path.GetFileName(p)).Where(static n => !n.EndsWith(".received.txt", StringComparison.Ordinal));

        Rule.Holds(approved.Except(Repository.Projects.Select(static p => p.Name + ".txt")).Select(static n => $"Approved/{n}: no such project in src. Delete it."));
    }

    [Fact]
    public void Describe_OfTypes_ListsWhatUsersCanName()
    {
        const string Source = """
            namespace N;
            public abstract record Shape(int Sides) : System.IDisposable
            {
                protected internal virtual void Draw(string? pen, int width = 2) { }
                public void Dispose() { }
                internal void Hidden() { }
                private protected int alsoHidden;
                public const int Limit = 7;
                public string Name { get; internal set; } = "";
            }
            public enum Colour { Red, Green = 4 }
            public static class Extensions { public static T Twice<T>(this T value) where T : class => value; }
            internal class Secret { public void M() { } }
            public delegate bool Check(in int value);
            public readonly struct Point { public int X { get; } }
            public readonly ref struct View { }
            """;
        using var image = new MemoryStream();
        Assert.True(CSharp.Compile([CSharp.Parse(Source, "N.cs")]).Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        PortableExecutableReference reference = MetadataReference.CreateFromImage(image.ToArray());

        string surface = PublicSurface.Describe((IAssemblySymbol)CSharp.Compile([]).AddReferences(reference).GetAssemblyOrModuleSymbol(reference)!);

        Assert.Equal(
            """
            public delegate bool N.Check(in int value)
            public enum N.Colour
                Green = 4
                Red = 0
            public static class N.Extensions
                public static T Twice<T>(this T value) where T : class
            public readonly struct N.Point
                public int X { get; }
            public abstract record N.Shape : System.IDisposable, System.IEquatable<N.Shape>
                protected Shape(int Sides)
                protected internal virtual void Draw(string? pen, int width = 2)
                public const int Limit = 7
                public int Sides { get; init; }
                public string Name { get; }
                public void Dispose()
            public readonly ref struct N.View

            """.ReplaceLineEndings("\n"),
            surface);
    }
}
