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
        List<double> bytesAlone = [];
        List<double> bytesThrough = [];
        for (int run = 0; run < Runs; run++)
        {
            bool directFirst = run % 2 == 0;
            Cost first = Run(directFirst ? direct : mesh);
            Cost second = Run(directFirst ? mesh : direct);
            alone.Add((directFirst ? first : second).Cpu);
            through.Add((directFirst ? second : first).Cpu);
            bytesAlone.Add((directFirst ? first : second).Bytes);
            bytesThrough.Add((directFirst ? second : first).Bytes);
            ratios.Add(through[^1] / alone[^1]);
        }

        figures.Set("grpc.cpu_ratio.64", Series.Median(ratios));
        figures.Detail("gRPC: processor time of a unary call without the mesh, 64 in flight", Series.Median(alone) * 1000, Series.Median(bytesAlone));
        figures.Detail("gRPC: processor time of a unary call through the mesh, 64 in flight", Series.Median(through) * 1000, Series.Median(bytesThrough));
    }

    // Of this process alone: the server is another one. The collector's part counts.
    private static Cost Run(GrpcPath path)
    {
        long bytes = GC.GetTotalAllocatedBytes();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        path.Run(Calls, InFlight);
        return new Cost((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Calls, (double)(GC.GetTotalAllocatedBytes() - bytes) / Calls);
    }

    private readonly record struct Cost(double Cpu, double Bytes);
}
