using BenchmarkDotNet.Running;
using Mesh.Benchmarks.Bars;
using Mesh.Benchmarks.Stubs;

namespace Mesh.Benchmarks;

/// <summary><c>--bars FILE [--markdown | --only NAME]</c> measures the bars; anything else goes to BenchmarkDotNet's switcher.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (GrpcServer.IsAskedFor(args))
        {
            return GrpcServer.Run();
        }

        if (BarsCommand.IsAskedFor(args))
        {
            return BarsCommand.Run(args);
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }
}
