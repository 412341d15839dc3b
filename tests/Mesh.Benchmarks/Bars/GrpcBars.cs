using System.Diagnostics;
using Mesh.Benchmarks.Stubs;

namespace Mesh.Benchmarks.Bars;

/// <summary>What the engine adds to the processor time of a unary gRPC call over a real connection.</summary>
internal static class GrpcBars
{
    private const int InFlight = 64;
    private const int Calls = 200 * InFlight;
    private const int Runs = 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    public static void Measure(Figures figures)
    {
        using GrpcServer server = GrpcServer.Start();
        using GrpcPath direct = GrpcPath.Direct(server.Address);
        using GrpcPath mesh = GrpcPath.Mesh(server.Address);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            direct.Run(Calls, InFlight);
            mesh.Run(Calls, InFlight);
        }

        List<double> ratios = [];
        List<double> alone = [];
        List<double> through = [];
        for (int run = 0; run < Runs; run++)
        {
            bool directFirst = run % 2 == 0;
            double first = Cpu(directFirst ? direct : mesh);
            double second = Cpu(directFirst ? mesh : direct);
            alone.Add(directFirst ? first : second);
            through.Add(directFirst ? second : first);
            ratios.Add(through[^1] / alone[^1]);
        }

        figures.Set("grpc.cpu_ratio.64", Series.Median(ratios));
        figures.Detail("gRPC: processor time of a unary call without the mesh, 64 in flight", Series.Median(alone), "µs");
        figures.Detail("gRPC: processor time of a unary call through the mesh, 64 in flight", Series.Median(through), "µs");
    }

    // Of this process alone: the server is another one. The collector's part counts.
    private static double Cpu(GrpcPath path)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        path.Run(Calls, InFlight);
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Calls;
    }
}
