using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Benchmarks.Stubs;

/// <summary>Kestrel over h2c in a process of its own, which answers each call with one message of 100 B and OK: its work does not count as the client's.</summary>
internal sealed class GrpcServer : IDisposable
{
    private const string Option = "--grpc-server";

    private static readonly byte[] s_reply = [0, 0, 0, 0, 100, .. new byte[100]];

    private readonly Process _process;

    private GrpcServer(Process process) => _process = process;

    public string Address { get; private init; } = "";

    public static bool IsAskedFor(string[] args) => args is [Option];

    /// <summary>Starts it.</summary>
    public static GrpcServer Start()
    {
        Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(GrpcServer).Assembly.Location, Option]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new GrpcServer(process) { Address = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The gRPC server of the bars did not start.") };
    }

    /// <summary>Is it, until stdin closes.</summary>
    public static int Run()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        app.StartAsync().GetAwaiter().GetResult();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{new Uri(app.Urls.Single()).Port}"));
        Console.In.ReadToEnd();
        return 0;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(s_reply, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
