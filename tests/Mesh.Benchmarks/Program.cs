using BenchmarkDotNet.Running;
using Mesh.Benchmarks.Bars;
using Mesh.Benchmarks.Hop;
using Mesh.Benchmarks.Stubs;

namespace Mesh.Benchmarks;

/// <summary><c>--bars FILE [--markdown | --only NAME]</c> measures the bars, <c>--yarp</c> is a proxy for <c>hop.sh</c>; anything else goes to BenchmarkDotNet's switcher.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (GrpcServer.IsAskedFor(args))
        {
            return GrpcServer.Run();
        }

        if (YarpProxy.IsAskedFor(args))
        {
            return YarpProxy.Run(args);
        }

        if (BarsCommand.IsAskedFor(args))
        {
            return BarsCommand.Run(args);
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }
}
