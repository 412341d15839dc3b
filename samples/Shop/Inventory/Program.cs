using Shop.Inventory;

// The bottom of the shop: it calls nobody, and makes itself known.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();
builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh => mesh.AddConsul().AddRegistration());

var app = builder.Build();
string instance = app.Configuration["Mesh:Local:Instance"] ?? "inventory";
app.MapHealthChecks("/healthz");
app.MapGet("/stock/{item:int}", async (int item, CancellationToken end) =>
{
    await Warehouse.AskAsync(item, end);
    return new Stock(item, Warehouse.Count(item), instance);
});
app.Run();
