using Microsoft.AspNetCore.Server.Kestrel.Core;

// An instance of a service as a user writes it, which registers itself: Mesh.TestService --Mesh:Local:Service orders --Mesh:Local:Instance i1
// --Mesh:Consul:Address http://127.0.0.1:8500 --urls http://127.0.0.1:0 --Protocols Http1. Every answer begins with the name of the instance.
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = builder.Configuration.GetValue<HttpProtocols>("Protocols")));
builder.Services.AddHealthChecks();
builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh => mesh.AddConsul().AddRegistration());

var app = builder.Build();
string name = app.Configuration["Mesh:Local:Instance"]!;
app.MapHealthChecks("/healthz");
app.MapGet("/", () => name);
app.MapPost("/", async (HttpRequest request) =>
{
    using var body = new StreamReader(request.Body);
    return $"{name} {(await body.ReadToEndAsync()).Length}";
});

// Each id that is posted is a line of a file before it is answered, so that also a process that is killed has said what it did.
if (app.Configuration["RecordFile"] is { } file)
{
    var records = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    var one = new Lock();
    app.MapPost("/record", async (HttpRequest request) =>
    {
        using var body = new StreamReader(request.Body);
        byte[] line = System.Text.Encoding.ASCII.GetBytes(await body.ReadToEndAsync() + "\n");
        lock (one)
        {
            records.Write(line);
        }

        return name;
    });
}

app.MapGet("/metered", () => name);
app.MapGet("/slow", async () =>
{
    await Task.Delay(TimeSpan.FromMilliseconds(300));
    return name;
});

// The test holds the other end. When it dies, however it dies, so does this.
_ = Task.Run(async () =>
{
    await Console.OpenStandardInput().CopyToAsync(Stream.Null);
    Environment.FailFast("The test is gone.");
});
app.Run();
