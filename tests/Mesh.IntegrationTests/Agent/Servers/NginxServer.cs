using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Agent.Servers;

/// <summary>A real nginx that answers each request with what it read, and keeps a log of them.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-nginx-").FullName;
    private readonly Process _process;

    private NginxServer(string program)
    {
        Port = ConsulServer.FreePorts(1)[0];
        File.WriteAllText(Path.Combine(_folder, "nginx.conf"), Configuration());
        File.WriteAllText(Log, "");
        _process = Process.Start(new ProcessStartInfo(program, ["-p", _folder, "-c", Path.Combine(_folder, "nginx.conf"), "-e", Path.Combine(_folder, "error.log")]) { RedirectStandardError = true })!;
    }

    public int Port { get; }

    private string Log => Path.Combine(_folder, "seen.log");

    /// <summary>Starts one and waits until it takes connections.</summary>
    public static async Task<NginxServer> StartAsync()
    {
        var server = new NginxServer(ForeignProgram.Require("nginx", isInstalled: true));
        long start = TimeProvider.System.GetTimestamp();
        while (!await ListensAsync(server.Port))
        {
            Assert.False(server._process.HasExited, "nginx ended");
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "nginx does not listen");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        return server;
    }

    /// <summary>Reads the requests that it has seen so far, in the order in which they ended.</summary>
    public SeenRequest[] Seen()
    {
        using var reader = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string text = reader.ReadToEnd();

        // What is after the last end of a line is being written.
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonSerializer.Deserialize<SeenRequest>(line, JsonSerializerOptions.Web)!)];
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // nginx knows a body as a variable only where it reads it to pass it on: the second server is there for that, and says what the first one read.
    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        master_process off;
        pid {{_folder}}/nginx.pid;
        error_log {{_folder}}/error.log;
        events { worker_connections 4096; }
        http {
          log_format seen escape=json '{"line":"$request","method":"$request_method","path":"$request_uri","host":"$http_host","body":"$request_body","status":"$status"}';
          access_log off;
          client_body_temp_path {{_folder}}/body;
          proxy_temp_path {{_folder}}/proxy;
          fastcgi_temp_path {{_folder}}/fastcgi;
          uwsgi_temp_path {{_folder}}/uwsgi;
          scgi_temp_path {{_folder}}/scgi;
          client_max_body_size 0;
          client_body_buffer_size 128k;
          client_body_in_single_buffer on;
          keepalive_requests 1000000;
          server {
            listen 127.0.0.1:{{Port}};
            access_log {{Log}} seen;
            location / {
              proxy_pass http://unix:{{_folder}}/echo.sock:;
              proxy_set_header X-Seen "$request_method $request_uri $http_host";
            }
          }
          server {
            listen unix:{{_folder}}/echo.sock;
            location / { return 200 "$http_x_seen"; }
          }
        }
        """);
}
